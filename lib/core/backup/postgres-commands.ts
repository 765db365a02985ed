const quoted = (path: string) => `'${path.replaceAll("'", `'\\''`)}'`

/** PostgreSQL has its own tools for this; these are the calls that fit. The URL, which holds a password, stays a variable. */
export const dumpCommand = (file: string) =>
  `pg_dump --format=custom --no-owner --no-privileges --file=${quoted(file)} "$DATABASE_URL"`

export const restoreCommand = (file: string) =>
  `pg_restore --clean --if-exists --no-owner --no-privileges --single-transaction --dbname="$DATABASE_URL" ${quoted(file)}`
