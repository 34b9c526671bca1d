/**
 * Minutes for a person, two units at most: `25 h 4 min`. Rounded up, so that what is above a limit
 * never reads like the limit.
 */
export function duration(minutes: number): string {
  // Figures come with two decimals of an hour or a minute: less than a hundredth is no minute.
  const whole = Math.ceil(Number(minutes.toFixed(2)));
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (hours === 0) return `${rest} min`;
  if (hours >= 72) {
    const begun = Math.ceil(whole / 60);
    return `${Math.floor(begun / 24)} d ${begun % 24} h`;
  }
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/**
 * A source as people read it, who may have been sent anything by that name: on one line, at most 40
 * characters, and nothing that a chat takes for a mention.
 */
export function shownSource(source: string, blank = '(none)'): string {
  const plain = source.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>]/gu, '?');
  return [...plain].slice(0, 40).join('') || blank;
}

/** A moment on the wall clock of a zone: `Sun, 22 Nov 2026, 05:00`. */
export function localTime(moment: string, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(moment));
}

/** Where a path of the API is; the path alone where nobody said where the API is. */
export function addressOf(path: string, apiUrl: string | undefined): string {
  return apiUrl === undefined ? path : new URL(path, apiUrl).href;
}

/** A day: `Tuesday, 24 Nov 2026`. */
export function dayInWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`));
}
