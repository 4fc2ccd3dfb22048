/**
 * The highest code that a table can name: browsers let through what no peer may send, up to what the two bytes on the wire can hold.
 *
 * @internal
 */
export const maxCode = 65_535;
