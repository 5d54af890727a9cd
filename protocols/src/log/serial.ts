/** One after the other for each name, at the same time for different names. */
export class Serial {
  private readonly last = new Map<string, Promise<unknown>>()

  async run<T> (name: string, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(name)
    const mine = before == null ? task() : before.then(task, task)

    this.last.set(name, mine)

    try {
      return await mine
    } finally {
      if (this.last.get(name) === mine) {
        this.last.delete(name)
      }
    }
  }
}
