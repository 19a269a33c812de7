/** What single fields of logs hold. All of it is written by the load balancer: what is not as AWS writes it is nothing. */

/** Seconds since 1970. Faster than `Date.parse`, of which there would be two a line. */
export function secondsAt(text: string | null): number | null {
  if (text === null || text.length < 20 || text[10] !== 'T' || !text.endsWith('Z')) return null;
  const minute = minuteOf(text.slice(0, 16));
  const seconds = Number(text.slice(17, -1));
  return minute === null || !(seconds >= 0 && seconds < 61) ? null : minute + seconds;
}

let known = { text: '', seconds: 0 };

function minuteOf(text: string): number | null {
  if (text === known.text) return known.seconds;
  const milliseconds = Date.parse(`${text}:00Z`);
  if (Number.isNaN(milliseconds)) return null;
  known = { text, seconds: milliseconds / 1000 };
  return known.seconds;
}

/** A time in seconds; `null` for -1, which means that there is none. */
export function durationIn(text: string | null): number | null {
  if (text === null) return null;
  const value = Number(text);
  return value >= 0 ? value : null;
}

/** A code of three digits, as HTTP has them. */
export function codeIn(text: string | null): number | null {
  return text !== null && /^\d{3}$/.test(text) ? Number(text) : null;
}

export function bytesIn(text: string | null): number {
  const value = text === null ? 0 : Number(text);
  return value >= 0 && Number.isFinite(value) ? value : 0;
}

export function wholeNumberIn(text: string | null): number | null {
  return text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : null;
}

/** `10.0.0.1:80`, `[2001:db8::1]:80`, `2001:db8::1:80`: the port is behind the last colon. */
export function endpointIn(text: string | null): Endpoint | null {
  if (text === null) return null;
  const known = endpoints.get(text);
  if (known !== undefined) return known;
  const read = endpointRead(text);
  // Targets are few; what is written as if they were many is not remembered.
  if (read !== null && endpoints.size < 1_000) endpoints.set(text, read);
  return read;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const endpoints = new Map<string, Endpoint>();

function endpointRead(text: string): Endpoint | null {
  const [, address = '', port] = /^\[?([0-9a-fA-F.:]{2,45}?)\]?:(\d{1,5})$/.exec(text) ?? [];
  return port === undefined ? null : { address, port: Number(port) };
}

export function addressIn(text: string | null): string | null {
  return text !== null && /^[0-9a-fA-F.:]{2,45}$/.test(text) ? text : null;
}

/** A word of AWS's own: a reason, a classification, a protocol. */
export function wordIn(text: string | null): string | null {
  return text !== null && /^[\w:.-]{1,60}$/.test(text) ? text : null;
}

export function arnWritten(text: string | null): string | null {
  // Most lines are of the same group as the line before.
  if (text === null || text === lastArn) return text;
  if (!/^arn:[\w:/.+=@-]{10,300}$/.test(text)) return null;
  lastArn = text;
  return text;
}

let lastArn = '';
