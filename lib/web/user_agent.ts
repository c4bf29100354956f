/**
 * What a browser says it is, in words that its owner recognises. Only the words count: nothing is decided by them.
 *
 * @module
 */

/** Longest text that is looked at. */
const LOOKED_AT = 200;

/** Browsers, the one that claims to be fewer others first: Edge says that it is Chrome, Chrome that it is Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, "Edge"],
  [/\b(?:OPR|OPT|Opera)\/(\d+)/, "Opera"],
  [/\bVivaldi\/(\d+)/, "Vivaldi"],
  [/\bSamsungBrowser\/(\d+)/, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\bHeadlessChrome\/(\d+)/, "Headless Chrome"],
  [/\b(?:Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/\bChromium\/(\d+)/, "Chromium"],
  [/\bVersion\/(\d+)\S* (?:Mobile\/\S+ )?Safari\//, "Safari"],
  [/^curl\/(\d+)/, "curl"],
];

/** Systems, the one that claims to be fewer others first: Android says that it is Linux, iOS that it is like a Mac. */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

/** Browser and system in words, such as `Firefox 140 on Windows`. */
export function browserWords(userAgent: string): string {
  const text = userAgent.slice(0, LOOKED_AT);
  const browser = BROWSERS.map(([shape, name]) => {
    const version = shape.exec(text)?.[1];
    return version === undefined ? undefined : `${name} ${version}`;
  }).find((words) => words !== undefined);
  const system = SYSTEMS.find(([shape]) => shape.test(text))?.[1];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? (system ? `A browser on ${system}` : "An unknown browser");
}
