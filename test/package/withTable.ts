/** Returns the page with this text between the two comments that name it. */
export function withTable(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of the ${name} -->`];
  const parts = page.split(begin);
  const [, after] = parts[1]?.split(end) ?? [];
  if (parts.length !== 2 || after === undefined) throw new Error(`the page has no comments for the ${name}`);
  return `${parts[0] ?? ''}${begin}\n${table}\n\n${end}${after}`;
}
