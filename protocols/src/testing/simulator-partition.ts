/** Which of those with a name can reach each other: those in different parts cannot */
export class Partition {
  private parts = new Map<string, number>()

  canReach (a: string, b: string): boolean {
    return (this.parts.get(a) ?? 0) === (this.parts.get(b) ?? 0)
  }

  /** Cuts these off from all others, or heals everything */
  cut (second: string[]): void {
    this.parts = new Map(second.map(name => [name, 1]))
  }
}
