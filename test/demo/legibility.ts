import type { Page } from 'playwright';

/** Returns the background colour of the page. */
export const groundOf = (page: Page): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** Returns the texts whose contrast is below 4.5 to 1, the minimum of WCAG 2 for text of normal size (1.4.3, AA). */
export function paleTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Colour = readonly [number, number, number];
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    /** Composites a colour in any notation over another. */
    const over = (colour: string, [r, g, b]: Colour): Colour => {
      for (const layer of [`rgb(${r} ${g} ${b})`, colour]) {
        canvas.fillStyle = layer;
        canvas.fillRect(0, 0, 1, 1);
      }
      const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [red, green, blue];
    };
    const groundUnder = (element: Element | null): Colour =>
      element === null ? [255, 255, 255] : over(getComputedStyle(element).backgroundColor, groundUnder(element.parentElement));
    const luminance = (colour: Colour): number => {
      const [r = 0, g = 0, b = 0] = colour.map((part) => (part <= 10 ? part / 3_294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const isOpaque = (element: Element | null): boolean =>
      element === null || (getComputedStyle(element).opacity === '1' && isOpaque(element.parentElement));

    const withText = [...document.querySelectorAll('body *:not(script)')].filter((each) =>
      [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== ''),
    );
    return withText.flatMap((element) => {
      const ground = groundUnder(element);
      const [dark = 0, light = 0] = [luminance(ground), luminance(over(getComputedStyle(element).color, ground))].sort((a, b) => a - b);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast >= 4.5 && isOpaque(element)) return [];
      return [`${contrast.toFixed(2)}${isOpaque(element) ? '' : ', and see-through'}: ${element.textContent.trim().slice(0, 40)}`];
    });
  });
}
