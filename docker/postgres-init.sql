-- The platform's own role: owner of its database, and of nothing else.
\set password `cat "$DENWA_DB_PASSWORD_FILE"`
CREATE ROLE denwa LOGIN PASSWORD :'password';
CREATE DATABASE denwa OWNER denwa ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE denwa FROM PUBLIC;
