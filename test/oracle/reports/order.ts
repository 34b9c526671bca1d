/** Orders of rows: nulls last whatever the direction, text by its UTF-8 bytes. */

import type { Row, Value } from '../types.ts';

export type Order = (left: Row, right: Row) => number;

function compareValues(left: Value, right: Value): number {
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));
  }
  return Number(left) - Number(right);
}

function byValue(read: (row: Row) => Value, direction: 1 | -1): Order {
  return (leftRow, rightRow) => {
    const left = read(leftRow);
    const right = read(rightRow);
    if (left === null && right === null) return 0;
    if (left === null) return 1;
    if (right === null) return -1;
    return direction * compareValues(left, right);
  };
}

export function ascendingBy(column: string): Order {
  return byValue((row) => row[column] ?? null, 1);
}

export function descendingBy(column: string): Order {
  return byValue((row) => row[column] ?? null, -1);
}

/** Money is text with two decimals; it is ordered as the whole number of its cents. */
export function descendingByMoney(column: string): Order {
  const cents = (row: Row) => {
    const money = row[column] ?? null;
    return money === null ? null : Number(String(money).replace('.', ''));
  };
  return byValue(cents, -1);
}

/** By the first order that tells two rows apart. */
export function inOrder<R extends Row>(rows: readonly R[], ...orders: Order[]): R[] {
  return [...rows].sort((left, right) => {
    for (const order of orders) {
      const difference = order(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}
