// One bundle serves all hosts. What belongs to one of them is imported when it is known which one this is.
const isNode = typeof process === "object" && typeof process.versions?.node === "string";

void (isNode ? import("./node.ts") : import("./browser.ts"));
