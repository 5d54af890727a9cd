import type { Connection, Stream, StreamHandler, StreamHandlerOptions } from '@libp2p/interface'

interface HandlerRegistrar {
  handle (protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void>
}

/**
 * A registrar in which the handler of one protocol is reached only by streams that are allowed; any other is reset before the handler
 * hears of it.
 */
export function gatedRegistrar<R extends HandlerRegistrar> (registrar: R, protocol: string, allows: (connection: Connection) => boolean, refusal: () => Error): R {
  const handle: R['handle'] = async (name: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void> => {
    if (name !== protocol) {
      return registrar.handle(name, handler, options)
    }

    return registrar.handle(name, async (stream: Stream, connection: Connection) => {
      if (!allows(connection)) {
        stream.abort(refusal())

        return
      }

      await handler(stream, connection)
    }, options)
  }

  return new Proxy(registrar, {
    get: (target, property) => {
      if (property === 'handle') {
        return handle
      }

      const value: unknown = Reflect.get(target, property, target)

      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}
