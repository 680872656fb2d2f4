/** Why nginx stops reading, in its own words, with the place of the mistake beside the place it reports. */
export interface Mistake {
  /** nginx's message, without the file and line. */
  readonly message: string;
  /** Where the mistake is, in words; empty when it is where nginx says. */
  readonly advice: string;
  /** The piece to underline, in UTF-16 units from the start of the segment. */
  readonly start: number;
  readonly end: number;
  /** Where nginx stands when it stops: the line of this offset is the line it reports. */
  readonly stop: number;
  /** Text that repairs the mistake, and where it goes. */
  readonly insert?: { readonly at: number; readonly text: string; readonly certainty: "sure" | "guess" };
  /** The quote that repairs the mistake, and the word that it goes around. */
  readonly quote?: { readonly start: number; readonly end: number; readonly text: string };
}
