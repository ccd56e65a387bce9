export {}; // the pages take D3 through shared/d3.js, untyped
