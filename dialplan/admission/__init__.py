"""Who is let in: measurements and time in, decisions out. Pure; the gatekeeper measures and acts."""
