/** The pages by task. */
export declare const sidebar: { text: string; collapsed: boolean; items: { text: string; link: string }[] }[];
