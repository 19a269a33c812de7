/** The attribute that says how long a connection may be silent, in seconds. */
export const IDLE_TIMEOUT = 'idle_timeout.timeout_seconds';
export const DEFAULT_IDLE_TIMEOUT = 60;
