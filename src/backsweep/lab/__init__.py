"""The lab: a server on loopback and pages to look at learning with.

The server owns no numerics: it calls `learn` and the equations. A page owns none
either: what it draws comes whole from the server. What is where:

- `messages` says what both say to each other; `mirror` writes it as JSDoc types.
- `curve`, `data` and `records` hold the numbers of a page each; `look` and `moments`
  those of the views that the latter two share: what an ensemble came to, and one of its
  runs at every moment. `elsewhere` knows on which other pages such a run can be seen.
- `ensembles` holds those of the maps, `map_commands` the same map from elsewhere,
  `map_files` what one takes along of it; `parcels` keeps that until it is fetched.
- `held` keeps what was made at some cost for as long as there is room.
- `server` has the routes, `work` the one WebSocket for long work, `guard` who may
  speak, `budget` how much may be asked for, `opening` the port and the token.
- `pages/` is served as it stands: ES modules without a build step. `shared/` has what
  pages are made of, and one folder each holds a page. The contract of a page stands in
  `pages/shared/page.js`; a page is in the lab when `pages/contents.js` lists it.
"""

from __future__ import annotations
