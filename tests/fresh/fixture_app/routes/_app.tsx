import type { PageProps } from "fresh";
import { asset } from "fresh/runtime";

/** The shell of every page. */
export default function Shell({ Component, route }: PageProps) {
  return (
    <html lang="en">
      <head>
        <title>{route === "/" ? "Islands" : "Fixture"}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={asset("/css/app.css")} />
        <style>{"h1 { color: rgb(4, 5, 6); }"}</style>
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
}
