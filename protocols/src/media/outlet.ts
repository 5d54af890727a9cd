export interface Outlet<T> {
  put (message: T): void
  /** Nothing more comes */
  end (): void
  fail (error: unknown): void
  /** Everything that was put, as it comes; to be called once */
  take (): AsyncGenerator<T>
}

/** Hands on, in order, what several tasks have to say */
export function outlet<T> (): Outlet<T> {
  const messages: T[] = []
  let outcome: Promise<void> | undefined
  let wake = Promise.withResolvers<void>()

  return {
    put (message) {
      messages.push(message)
      wake.resolve()
    },
    end () {
      outcome ??= Promise.resolve()
      wake.resolve()
    },
    fail (error) {
      outcome ??= Promise.reject(error)
      outcome.catch(() => {})
      wake.resolve()
    },
    async * take () {
      while (true) {
        if (messages.length === 0 && outcome == null) {
          await wake.promise
        }

        wake = Promise.withResolvers()
        yield * messages.splice(0)

        if (outcome != null && messages.length === 0) {
          await outcome
          return
        }
      }
    }
  }
}
