/** Documents, in an order that is always the same. */
export function pretrainingText(): string[]
