import { findPlaceholders, lex, splitStatements } from '../../core/database/sql-text.ts';
import { validationError } from './errors.ts';

/** SQL as PostgreSQL takes it, and the parameter name behind each of its `$1, $2, …`. */
export type Statement = { text: string; names: string[] };

const remembered = new Map<string, Statement>();
const rememberedAtMost = 500;

/**
 * Turns `:name` into `$n`. The service binds each occurrence by itself: a name used twice is two
 * parameters, so `group by f(:x)` does not match `select f(:x)` (42803), there as here.
 */
export function toStatement(sql: string): Statement {
  const known = remembered.get(sql);
  if (known) return known;
  if (splitStatements(sql).length > 1) throw validationError("Multistatements aren't supported.");
  refuseInDollarQuotes(sql);
  const placeholders = findPlaceholders(sql);
  let text = '';
  let end = 0;
  for (const [index, placeholder] of placeholders.entries()) {
    text += `${sql.slice(end, placeholder.start)}$${index + 1}`;
    end = placeholder.end;
  }
  const statement = { text: text + sql.slice(end), names: placeholders.map(({ name }) => name) };
  if (remembered.size >= rememberedAtMost) remembered.clear();
  remembered.set(sql, statement);
  return statement;
}

// The service is seen to replace `:name` inside $$…$$ too, silently ($$a :b$$ arrives as `a $1`):
// refused here, so that what runs here means the same there.
function refuseInDollarQuotes(sql: string): void {
  for (const { kind, start, end } of lex(sql)) {
    if (kind !== 'string' || sql[start] !== '$') continue;
    const tagLength = sql.indexOf('$', start + 1) + 1 - start;
    const [inside] = findPlaceholders(sql.slice(start + tagLength, end - tagLength));
    if (inside) {
      throw validationError(
        `:${inside.name} in a dollar-quoted string: the Data API would replace it there`,
      );
    }
  }
}
