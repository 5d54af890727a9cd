/** How long a relay of one's own may take to bring a wall before its author's relays are dialled */
export const VISIT_PATIENCE_MS = 10_000
