"""What ``denwa doctor`` looks at: what is installed, what lies on the disk, what answers."""
