/** What a piece of SQL text is. Only `word`, `placeholder`, `separator` and `other` are code. */
export type SqlTokenKind =
  | 'space'
  | 'comment'
  | 'string'
  | 'quoted'
  | 'word'
  | 'placeholder'
  | 'separator'
  | 'other';

/** One token: `sql.slice(start, end)`. */
export type SqlToken = { kind: SqlTokenKind; start: number; end: number };

/** A `:name` in the code of a statement; `start` is its colon. */
export type Placeholder = { name: string; start: number; end: number };

const letter = 'A-Za-z_\\u0080-\\uffff';

// Order matters: `::` and `:=` before placeholders. A number swallows its letters (`1e5`, `0xff`),
// `$1` its digits: neither opens a dollar quote. Blanks are PostgreSQL's, not Unicode's.
const blank = '[ \\t\\n\\r\\f\\v]';
const patterns: [SqlTokenKind, RegExp][] = [
  ['space', new RegExp(`${blank}+`, 'y')],
  ['comment', /--[^\n\r]*/y],
  ['word', new RegExp(`[${letter}][${letter}0-9$]*`, 'y')],
  ['other', /[0-9][0-9A-Za-z_.]*|\$[0-9]+|::|:=/y],
  ['placeholder', /:[A-Za-z0-9_]+/y],
  ['separator', /;/y],
  ['other', /[\s\S]/y],
];
const continuation = new RegExp(
  `[ \\t\\f\\v]*(?:--[^\\n\\r]*)?[\\n\\r](?:${blank}|--[^\\n\\r]*[\\n\\r])*'`,
  'y',
);
const dollarTag = new RegExp(`\\$(?:[${letter}][${letter}0-9]*)?\\$`, 'y');
const commentEdge = /\/\*|\*\//g;

/**
 * Splits PostgreSQL text into tokens that join to the text again. Never throws: what is left open
 * (a quote, a comment) reaches to the end, and PostgreSQL says what is wrong with it.
 */
export function lex(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let start = 0;
  while (start < sql.length) {
    const token = scannedToken(sql, start) ?? patternToken(sql, start);
    tokens.push(token);
    start = token.end;
  }
  return tokens;
}

/** The placeholders of a statement in order of appearance; a name used twice is there twice. */
export function findPlaceholders(sql: string): Placeholder[] {
  return lex(sql)
    .filter((token) => token.kind === 'placeholder')
    .map(({ start, end }) => ({ name: sql.slice(start + 1, end), start, end }));
}

/**
 * The statements of a script, trimmed, without their `;`. Pieces of only blanks and comments are
 * no statements. A `;` in parentheses (`create rule`) or in `begin atomic … end` separates nothing.
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let piece = emptyPiece();
  for (const token of [...lex(sql), { kind: 'separator' as const, start: sql.length, end: -1 }]) {
    const atEnd = token.end < 0;
    if (atEnd || (token.kind === 'separator' && piece.parentheses === 0 && piece.bodies === 0)) {
      if (piece.hasCode) statements.push(sql.slice(piece.start, piece.end));
      piece = emptyPiece();
    } else if (token.kind !== 'space') {
      if (piece.end === 0) piece.start = token.start;
      piece.end = token.end;
      if (token.kind !== 'comment') {
        piece.hasCode = true;
        follow(piece, token.kind, sql.slice(token.start, token.end).toLowerCase());
      }
    }
  }
  return statements;
}

type Piece = {
  start: number;
  end: number;
  hasCode: boolean;
  words: string[];
  parentheses: number;
  bodies: number;
};

function emptyPiece(): Piece {
  return { start: 0, end: 0, hasCode: false, words: [], parentheses: 0, bodies: 0 };
}

/** psql's rule: `begin` counts in `create [or replace] function | procedure`, `case` within it. */
function follow(piece: Piece, kind: SqlTokenKind, text: string): void {
  if (kind === 'other') {
    if (text === '(') piece.parentheses += 1;
    if (text === ')' && piece.parentheses > 0) piece.parentheses -= 1;
  }
  if (kind !== 'word') return;
  if (piece.words.length < 4) piece.words.push(text);
  if (!/^create (or replace )?(function|procedure)\b/.test(piece.words.join(' '))) return;
  if (text === 'begin' || (text === 'case' && piece.bodies > 0)) piece.bodies += 1;
  if (text === 'end' && piece.bodies > 0) piece.bodies -= 1;
}

/** Tokens one pattern cannot describe: nested comments and everything in quotes. */
function scannedToken(sql: string, start: number): SqlToken | undefined {
  const first = sql[start];
  if (first === "'") return { kind: 'string', start, end: endOfQuoted(sql, start + 1, first) };
  if (first === '"') return { kind: 'quoted', start, end: endOfQuoted(sql, start + 1, first) };
  if (sql.startsWith('/*', start)) {
    return { kind: 'comment', start, end: endOfComment(sql, start) };
  }
  if ((first === 'e' || first === 'E') && sql[start + 1] === "'") {
    return { kind: 'string', start, end: endOfEscapeString(sql, start + 2) };
  }
  const tag = first === '$' ? matchAt(dollarTag, sql, start) : undefined;
  if (tag === undefined) return undefined;
  const close = sql.indexOf(tag, start + tag.length);
  return { kind: 'string', start, end: close < 0 ? sql.length : close + tag.length };
}

function patternToken(sql: string, start: number): SqlToken {
  for (const [kind, pattern] of patterns) {
    const text = matchAt(pattern, sql, start);
    if (text !== undefined) return { kind, start, end: start + text.length };
  }
  throw new Error('the last pattern matches any character');
}

function endOfComment(sql: string, start: number): number {
  let depth = 0;
  commentEdge.lastIndex = start;
  for (let edge = commentEdge.exec(sql); edge !== null; edge = commentEdge.exec(sql)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return commentEdge.lastIndex;
  }
  return sql.length;
}

function endOfQuoted(sql: string, afterQuote: number, quote: string, escapes = false): number {
  for (let at = afterQuote; at < sql.length; at += 1) {
    if (escapes && sql[at] === '\\') at += 1;
    else if (sql[at] === quote && sql[at + 1] === quote) at += 1;
    else if (sql[at] === quote) return at + 1;
  }
  return sql.length;
}

/** An E'' string goes on, escapes and all, in a quote that follows on another line. */
function endOfEscapeString(sql: string, afterQuote: number): number {
  for (let from = afterQuote; ; ) {
    const end = endOfQuoted(sql, from, "'", true);
    const next = matchAt(continuation, sql, end);
    if (next === undefined) return end;
    from = end + next.length;
  }
}

function matchAt(pattern: RegExp, sql: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(sql)?.[0];
}
