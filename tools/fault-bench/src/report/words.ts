/** `hungCallsAfter100Ms` as people read it: hung calls after 100 ms. */
export function words(name: string): string {
  return name.replace(/[A-Z]|\d+/g, (letter) => ` ${letter.toLowerCase()}`);
}
