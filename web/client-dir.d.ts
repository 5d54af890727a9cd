/** The folder with the built web client (`index.html` and what belongs to it), as an absolute path. It exists once `vite build` has run */
export const clientDir: string
