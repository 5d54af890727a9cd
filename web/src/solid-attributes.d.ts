import 'solid-js'

declare module 'solid-js' {
  namespace JSX {
    /** Set as attributes, which can be absent; as properties of <progress> they cannot */
    interface ExplicitAttributes {
      max: number | undefined
      value: number | undefined
    }
  }
}
