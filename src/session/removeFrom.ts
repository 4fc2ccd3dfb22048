/** Removes an element of a list. Returns false if the list does not have it. */
export function removeFrom<T>(list: T[], element: T): boolean {
  const at = list.indexOf(element);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}
