# RFC 4180 with quotes, doubled quotes and line ends inside cells; workload W1, W1p or W2 in the variable `workload`.
function cells(line,    n, end, i) {
  for (n = 0; ; line = substr(line, end + 1)) {
    if (substr(line, 1, 1) == "\"") {
      for (end = 2; ; end++) {
        i = index(substr(line, end), "\"")
        end += i
        if (substr(line, end, 1) != "\"") break
      }
      cell[++n] = substr(line, 1, end - 1)
    } else {
      end = index(line, ",")
      if (end == 0) { cell[++n] = line; return n }
      cell[++n] = substr(line, 1, end - 1)
    }
    if (end > length(line)) return n
  }
}
function plain(text) {
  if (substr(text, 1, 1) != "\"") return text
  text = substr(text, 2, length(text) - 2)
  gsub(/""/, "\"", text)
  return text
}
function quoted(text) {
  if (text !~ /[",\n\r]/) return text
  gsub(/"/, "\"\"", text)
  return "\"" text "\""
}
BEGIN { OFS = "," }
NR == 1 {
  sub(/^UID,/, "accountId,"); sub(/,gender,birthYear/, ""); sub(/,createdTimestamp,lastUpdated/, ",created,updated")
  print workload == "W2" ? $0 ",fullName" : $0
  next
}
{
  line = $0
  if (index(line, "\"")) {
    while (gsub(/"/, "\"", line) % 2) { if ((getline more) <= 0) break; line = line "\n" more }
    cells(line)
  } else split(line, cell, ",")
  if (workload == "W2") {
    if (cell[10] != "true") next
    gsub(/[^0-9+]/, "", cell[9])
    print cell[1], cell[2], cell[3], cell[4], cell[7], cell[8], cell[9], cell[10], cell[11], cell[12], quoted(plain(cell[3]) " " plain(cell[4]))
  } else print cell[1], cell[2], cell[3], cell[4], cell[7], cell[8], cell[9], cell[10], cell[11], cell[12]
}
