import type { Document, Segment } from "./document.ts";

// Jinja and Ansible ({{ }}, {% %}), Go templates and Helm ({{ }}), ERB (<% %>): the file becomes nginx configuration only
// when somebody fills it in.
const marker = /\{\{|\{%|<%/;

const cache = new WeakMap<Segment, boolean>();

/** Whether a piece of a file holds template markers, so that what nginx will read is not known. */
export function isTemplate(segment: Segment): boolean {
  let found = cache.get(segment);
  if (found === undefined) {
    found = marker.test(segment.text);
    cache.set(segment, found);
  }
  return found;
}

/** Whether any piece of a file does. */
export function hasTemplate(document: Document): boolean {
  return document.segments.some(isTemplate);
}
