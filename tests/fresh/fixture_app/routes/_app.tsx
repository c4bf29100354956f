import type { PageProps } from "fresh";

/** The shell of every page. */
export default function Shell({ Component }: PageProps) {
  return (
    <html lang="en">
      <head>
        <title>Fixture</title>
        <link rel="icon" href="data:," />
        <style>{"h1 { color: rgb(4, 5, 6); }"}</style>
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
}
