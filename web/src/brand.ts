/**
 * What a passer-by sees: title, and the name under the icon on a phone. Nothing in it says what the program is for.
 * The build sets it (environment variable `APP_NAME`); the icon is in `public/`.
 */
export const APP_NAME: string = import.meta.env.VITE_APP_NAME
