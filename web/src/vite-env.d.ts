interface ImportMetaEnv {
  readonly VITE_APP_NAME: string
}
