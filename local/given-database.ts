const isPostgres = /^postgres(ql)?:$/;

/**
 * The PostgreSQL that DATABASE_URL names; '' where it names none. Throws a sentence that does not
 * show it, since a password may be in it.
 */
export function givenDatabase(): string {
  const given = process.env.DATABASE_URL ?? '';
  const url = URL.parse(given);
  if (given === '' || (isPostgres.test(url?.protocol ?? '') && (url?.pathname.length ?? 0) > 1)) {
    return given;
  }
  throw new Error('DATABASE_URL must be like postgres://user:password@host:5432/database.');
}
