//! The picture of the rooms, `docs/rooms.svg`, drawn from the table that the architecture test holds.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::architecture::DOORS;
use crate::artefacts::blessed;

/// What a box says, and in which column it is drawn
const BOXES: &[(&str, usize, &str)] = &[
    ("main", 1, "arguments, exit code"),
    ("cli", 1, "commands, screens"),
    ("setup", 0, "operator's file, builder"),
    ("report", 2, "the report of a run"),
    ("hosts", 1, "bot files, JSON-RPC, MCP"),
    ("dispatch", 1, "from invocation to outcome"),
    ("package", 2, "manifest, schemas, description"),
    ("actions", 1, "one action, one file"),
    ("sessions", 1, "run trees and sessions"),
    ("credentials", 0, "credential stores"),
    ("audit", 2, "audit trail, verification"),
    ("files", 0, "files on this machine"),
    ("devops", 1, "requests to Azure DevOps"),
    ("contract", 1, "values, errors, kinds of input"),
];

const WIDTH: usize = 200;
const HEIGHT: usize = 46;
const GAP: (usize, usize) = (90, 40);
const MARGIN: usize = 12;

type Doors = BTreeMap<&'static str, &'static [&'static str]>;

fn doors() -> Doors {
    DOORS.iter().copied().filter(|(room, _)| *room != "lib").collect()
}

/// How many rooms lie below a room, one above the other
fn level(room: &str, doors: &Doors) -> usize {
    doors[room].iter().map(|below| level(below, doors) + 1).max().unwrap_or(0)
}

fn reaches(from: &str, to: &str, doors: &Doors) -> bool {
    doors[from].iter().any(|below| *below == to || reaches(below, to, doors))
}

/// The doors that do not follow from others
fn lines(doors: &Doors) -> BTreeSet<(&'static str, &'static str)> {
    let mut lines = BTreeSet::new();
    for (room, below) in doors {
        for to in *below {
            if !below.iter().any(|other| reaches(other, to, doors)) {
                lines.insert((*room, *to));
            }
        }
    }
    lines
}

fn picture() -> String {
    let doors = doors();
    let top = doors.keys().map(|room| level(room, &doors)).max().unwrap_or(0);
    let corner = |room: &str| {
        let (_, column, _) = BOXES.iter().find(|(name, ..)| *name == room).expect("every room has a box");
        let row = top - level(room, &doors);
        (MARGIN + column * (WIDTH + GAP.0), MARGIN + row * (HEIGHT + GAP.1))
    };
    let (width, height) = (2 * MARGIN + 3 * WIDTH + 2 * GAP.0, 2 * MARGIN + (top + 1) * HEIGHT + top * GAP.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"The rooms of azdo-bot and their imports\">\n"
    );
    svg += "<style>\n\
            text { font: 12px system-ui, sans-serif; text-anchor: middle; fill: #57606a }\n\
            .name { font: bold 14px ui-monospace, monospace; fill: #1f2328 }\n\
            rect { fill: #f6f8fa; stroke: #8c959f }\n\
            path { fill: none; stroke: #8c959f; stroke-width: 1.5; marker-end: url(#head) }\n\
            marker path { fill: #8c959f; stroke: none; marker-end: none }\n\
            @media (prefers-color-scheme: dark) {\n\
            text { fill: #9198a1 } .name { fill: #f0f6fc } rect { fill: #151b23; stroke: #656c76 }\n\
            }\n\
            </style>\n\
            <marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
            orient=\"auto\"><path d=\"M0 0 8 4 0 8z\"/></marker>\n";
    for (from, to) in lines(&doors) {
        let ((x1, y1), (x2, y2)) = (corner(from), corner(to));
        // A line leaves its box on the side of the box that it leads to.
        let side = |from: usize, to: usize| match to.cmp(&from) {
            std::cmp::Ordering::Less => WIDTH / 16,
            std::cmp::Ordering::Equal => WIDTH / 2,
            std::cmp::Ordering::Greater => 15 * WIDTH / 16,
        };
        let (x1, x2) = (x1 + side(x1, x2), x2 + side(x2, x1));
        let y1 = y1 + HEIGHT;
        // A line over a column would go through its boxes: it goes down first, and then between two rows.
        let path = match x1.abs_diff(x2) > WIDTH + GAP.0 {
            true => format!("M{x1} {y1}V{}H{x2}V{y2}", y2 - GAP.1 / 2),
            false => format!("M{x1} {y1} {x2} {y2}"),
        };
        writeln!(svg, "<path d=\"{path}\"/>").expect("a text takes it");
    }
    for (room, _, what) in BOXES {
        let (x, y) = corner(room);
        let middle = x + WIDTH / 2;
        writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\"/>\
             <text class=\"name\" x=\"{middle}\" y=\"{}\">{room}</text>\
             <text x=\"{middle}\" y=\"{}\">{what}</text>",
            y + 20,
            y + 37
        )
        .expect("a text takes it");
    }
    svg + "</svg>\n"
}

#[test]
fn the_picture_shows_the_rooms_as_the_table_has_them() {
    let drawn: BTreeSet<&str> = BOXES.iter().map(|(room, ..)| *room).collect();
    assert_eq!(drawn, doors().keys().copied().collect(), "a room has one box in this file");
    assert_eq!(blessed("docs/rooms.svg", &picture()), Ok(()));
}
