using System.Text.RegularExpressions;

namespace DasAudit.Architecture.Tests.Rooms;

/// <summary>What <c>Rooms.txt</c> says.</summary>
internal static partial class House
{
    internal static IReadOnlyList<HouseAssembly> Assemblies { get; } = Read();

    private static List<HouseAssembly> Read()
    {
        var assemblies = new List<HouseAssembly>();
        foreach (var line in File.ReadLines(Repository.ListFile("Rooms.txt")).Where(IsEntry))
        {
            if (line[0] == ' ')
            {
                assemblies[^1] = WithRoom(assemblies[^1], line.Trim());
            }
            else
            {
                assemblies.Add(ParseHeading(line));
            }
        }

        return assemblies;
    }

    private static bool IsEntry(string line) => line.Trim().Length > 0 && !line.StartsWith('#');

    private static HouseAssembly WithRoom(HouseAssembly assembly, string room) =>
        assembly with
        {
            Rooms = [.. assembly.Rooms, room],
        };

    private static HouseAssembly ParseHeading(string line)
    {
        var heading = Heading().Match(line);
        if (!heading.Success)
        {
            throw new FormatException($"Rooms.txt: '{line}' is no heading as the comment at its top says.");
        }

        var root = heading.Groups["root"].Value;
        var file = heading.Groups["file"] is { Success: true } named ? named.Value : $"{root}.dll";
        return new HouseAssembly(root, file, heading.Groups["known"].Value.Split(", "), []);
    }

    [GeneratedRegex(@"^(?<root>\S+)( \((?<file>\S+)\))? knows (?<known>.+)$")]
    private static partial Regex Heading();
}
