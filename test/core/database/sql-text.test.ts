import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPlaceholders, lex, splitStatements } from '../../../core/database/sql-text.ts';

// The pieces that trip naive scanners, to be put together in every order.
const pieces = fc.constantFrom(
  ...["'", "''", '"', '""', '$$', '$tag$', '$a', '$1', '/*', '*/', '--', '\n', '\r', '\\', ';'],
  ...[':', '::', ':=', ':name', ':1', ' ', 'E', "e'", 'U&', 'a$b$', '1', '1e5', '(', ')', '[', ']'],
  ...['begin', 'atomic', 'case', 'end', 'create', 'function', 'select', 'é', '😀', '\u0000'],
);
const nastySql = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

// Closed texts in which nothing is a placeholder or a separator.
const opaque = fc.oneof(
  fc.string().map((text) => `'${text.replaceAll("'", "''")}'`),
  fc.string().map((text) => `E'${text.replace(/['\\]/g, '\\$&')}'`),
  fc.string().map((text) => `"${text.replaceAll('"', '""')}"`),
  fc.string().map((text) => `$q$${text.replaceAll('$', '')}$q$`),
  fc.string().map((text) => `/* ${text.replace(/[*/]/g, '')} /* :x; */ */`),
  fc.string().map((text) => `-- ${text.replace(/[\n\r]/g, '')}\n`),
);

describe('tokens', () => {
  it('join to the text they were made from, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(nastySql, fc.string()), (sql) => {
        const tokens = lex(sql);
        expect(tokens.map(({ start, end }) => sql.slice(start, end)).join('')).toBe(sql);
        expect(tokens.every(({ start, end }) => end > start)).toBe(true);
      }),
    );
  });

  it('say what each piece is', () => {
    const sql = `select E'it\\'s' -- why\n, "a""b", $t$ x $t$ /* /* y */ */ ; :n`;
    const seen = lex(sql).filter(({ kind }) => kind !== 'space' && kind !== 'other');
    expect(seen.map(({ kind, start, end }) => [kind, sql.slice(start, end)])).toEqual([
      ['word', 'select'],
      ['string', "E'it\\'s'"],
      ['comment', '-- why'],
      ['quoted', '"a""b"'],
      ['string', '$t$ x $t$'],
      ['comment', '/* /* y */ */'],
      ['separator', ';'],
      ['placeholder', ':n'],
    ]);
  });
});

describe('placeholders', () => {
  it.each<[string, string[], string]>([
    ['select :a, :b, :a', ['a', 'b', 'a'], 'each time they appear'],
    ['select :1 + :_x9', ['1', '_x9'], 'with digits and underscores'],
    ['select :a::text, b::int, c::"char"', ['a'], 'and not casts'],
    ['select f(a := 1, b => :c), d:=:e', ['c', 'e'], 'and not assignments'],
    ['select a[:n], a[1:m]', ['n', 'm'], 'in array slices, as the service reads them'],
    ['select x:::y', ['y'], 'after a cast sign'],
    ["select ':a', 'it''s :b', :c", ['c'], 'outside strings'],
    ["select 'a\\', :b, 'c'", ['b'], 'after a backslash that escapes nothing'],
    ["select E'a\\':b', e'\\\\', :c", ['c'], 'outside strings with escapes'],
    ["select E'a'\n'\\':b', :c", ['c'], 'outside an escape string that goes on on a new line'],
    ["select E'a' -- :x\n  -- :y\n '\\':b', :c", ['c'], 'also with comments between its parts'],
    ["select E'a' '\\', :b", ['b'], 'behind two strings on one line'],
    ["select some'a\\', :b", ['b'], 'when a word merely ends in e'],
    ["select U&'\\0061:a', B'1', :b", ['b'], 'outside other prefixed strings'],
    ['select ":a", "b"":c", :d', ['d'], 'outside quoted names'],
    ['select $$ :a $$, $t$ $$ :b $u$ $t$, :c', ['c'], 'outside dollar quotes'],
    ['select a$b$:c, $1, :d $2$ :e', ['c', 'd', 'e'], 'after dollars that open no quote'],
    ['select $é$ :a $é$, :b', ['b'], 'outside dollar quotes with letters of any script'],
    ['select /* :a /* :b */ :c */ :d', ['d'], 'outside nested comments'],
    ['select 1 -- :a\r, :b', ['b'], 'after a comment that a carriage return ends'],
    ['select 5*/* :a */:b', ['b'], 'after an operator that touches a comment'],
    ["select ' :a", [], 'nowhere in a string left open'],
    ['select $x$ :a $y$', [], 'nowhere in a dollar quote left open'],
    ['select /* :a /* */', [], 'nowhere in a comment left open'],
    ['select : a, :-b, :', [], 'and not a lone colon'],
  ])('%s', (sql, names) => {
    expect(findPlaceholders(sql).map(({ name }) => name)).toEqual(names);
  });

  it('know where they stand', () => {
    fc.assert(
      fc.property(nastySql, (sql) => {
        for (const { name, start, end } of findPlaceholders(sql)) {
          expect(sql.slice(start, end)).toBe(`:${name}`);
        }
      }),
    );
  });

  it('are found between texts that hide what looks like them', () => {
    fc.assert(
      fc.property(fc.array(opaque, { maxLength: 8 }), (texts) => {
        const sql = texts.map((text, at) => `${text} :p${at} `).join(', ');
        const names = findPlaceholders(sql).map(({ name }) => name);
        expect(names).toEqual(texts.map((_, at) => `p${at}`));
      }),
    );
  });
});

describe('statements', () => {
  it.each<[string, string[]]>([
    ['', []],
    [' \n\t ;; ; -- none\n /* none; */', []],
    ['select 1', ['select 1']],
    [' select 1 ; ', ['select 1']],
    ['select 1; -- tail', ['select 1']],
    ['select 1 -- tail; and more', ['select 1 -- tail; and more']],
    ['-- head;\nselect 1;\n\nselect 2', ['-- head;\nselect 1', 'select 2']],
    ['select \';\'; select ";"; select $$;$$', ["select ';'", 'select ";"', 'select $$;$$']],
    ['do $x$ begin; end; $x$; select 2;', ['do $x$ begin; end; $x$', 'select 2']],
    ['begin; select 1; end', ['begin', 'select 1', 'end']],
    [
      'create rule r as on insert to t do (select 1; select 2); select 3',
      ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
    ],
    [
      'create function f() returns int begin atomic select case when a then 1 end; end; select 2',
      [
        'create function f() returns int begin atomic select case when a then 1 end; end',
        'select 2',
      ],
    ],
    [
      'create or replace procedure p() begin atomic select 1; select 2; end;select 3',
      ['create or replace procedure p() begin atomic select 1; select 2; end', 'select 3'],
    ],
    [
      'create table t (a int); end; begin; select 1',
      ['create table t (a int)', 'end', 'begin', 'select 1'],
    ],
    ['select 1); select 2', ['select 1)', 'select 2']],
  ])('%j', (sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });

  it('come back one by one from a script made of them', () => {
    const statement = fc.array(opaque, { minLength: 1, maxLength: 4 }).map((texts) => {
      return `select ${texts.join(' , ')} , 1`;
    });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
        expect(splitStatements(statements.join(';\n'))).toEqual(statements);
        expect(splitStatements(statements.map((text) => `${text};`).join(''))).toEqual(statements);
      }),
    );
  });

  it('split again give themselves, and have no blanks around them', () => {
    fc.assert(
      fc.property(nastySql, (sql) => {
        for (const statement of splitStatements(sql)) {
          expect(lex(statement).at(0)?.kind).not.toBe('space');
          expect(lex(statement).at(-1)?.kind).not.toBe('space');
          expect(splitStatements(statement)).toEqual([statement]);
        }
      }),
    );
  });

  it('of megabytes take no stack', () => {
    const long = `select '${"''".repeat(500_000)}', E'${'\\n'.repeat(500_000)}'`;
    expect(splitStatements(`${long};${'(;'.repeat(100_000)}`)).toHaveLength(2);
  });
});
