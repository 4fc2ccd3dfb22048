// What the links of a Markdown page are, and what they may point at. The test of the links, the release check and the build of the site use it.

const fences = /^ *(```+|~~~+)[^]*?^ *\1 *$/gm;
const blank = (text) => text.replace(/[^\n]/g, ' ');

/** The text with blanks for its fences, comments and inline code, so that every offset stays what it is. */
const prose = (text) => text.replace(fences, blank).replace(/<!--[^]*?-->/g, blank).replace(/(`+)(?:(?!\1)[^])+?\1/g, blank);

/** Returns the links and images of a page: the target, its offset and line, and whether it is an image. */
export function linksOf(text) {
  return [...prose(text).matchAll(/(!?)\[(?:[^\][]|\[[^\]]*\])*\]\((?<target>[^)\s]+)\)/dg)].map(({ 1: mark, groups, indices }) => ({
    target: groups.target,
    offset: indices.groups.target[0],
    line: text.slice(0, indices.groups.target[0]).split('\n').length,
    isImage: mark === '!',
  }));
}

/** The anchor of a heading, as GitHub makes it. The site makes the same ones. */
export function slugOf(heading) {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation} -]/gu, '')
    .replaceAll(' ', '-');
}

/** Returns the anchors of a page. */
export function anchorsOf(text) {
  const seen = new Map();
  return [...text.replace(fences, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) => {
    const slug = slugOf(heading);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/** Returns the page with other targets in place of the relative ones. */
export function withTargets(text, replace) {
  return linksOf(text)
    .filter(({ target }) => !/^(?:[a-z]+:|#)/i.test(target))
    .reduceRight((all, { target, offset, isImage }) => all.slice(0, offset) + replace(target, isImage) + all.slice(offset + target.length), text);
}
