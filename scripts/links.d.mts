export interface Link {
  target: string;
  offset: number;
  line: number;
  isImage: boolean;
}

/** Returns the links and images of a page: the target, its offset and line, and whether it is an image. */
export declare function linksOf(text: string): Link[];

/** The anchor of a heading, as GitHub makes it. */
export declare function slugOf(heading: string): string;

/** Returns the anchors of a page. */
export declare function anchorsOf(text: string): string[];

/** Returns the page with other targets in place of the relative ones. */
export declare function withTargets(text: string, replace: (target: string, isImage: boolean) => string): string;
