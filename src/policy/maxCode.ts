/**
 * The highest code that a table can name: browsers let through codes that no server may send, up to what two bytes on the wire can hold.
 *
 * @internal
 */
export const maxCode = 65_535;
