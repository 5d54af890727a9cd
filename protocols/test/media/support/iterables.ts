export async function all<T> (source: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const members: T[] = []

  for await (const member of source) {
    members.push(member)
  }

  return members
}
