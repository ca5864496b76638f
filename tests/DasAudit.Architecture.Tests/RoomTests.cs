using DasAudit.Architecture.Tests.Arrows;
using DasAudit.Architecture.Tests.Rooms;

namespace DasAudit.Architecture.Tests;

public sealed class RoomTests
{
    [Fact]
    public void Every_project_stands_in_the_list_of_rooms()
    {
        var listed = House.Assemblies.Select(assembly => assembly.Root).Order(StringComparer.Ordinal);

        Assert.Equal(Projects().Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void Every_namespace_belongs_to_a_room()
    {
        var without = House.Assemblies.SelectMany(assembly =>
            NamespacesOf(assembly).Where(name => assembly.RoomOf(name) is null)
        );

        Assert.Empty(without);
    }

    [Fact]
    public void Every_room_holds_a_type()
    {
        var empty = House.Assemblies.SelectMany(EmptyRooms);

        Assert.Empty(empty);
    }

    [Fact]
    public void Arrows_point_to_known_assemblies_and_to_rooms_above_and_form_no_circle()
    {
        var arrows = CompiledHouse.Arrows;
        var forbidden = RoomRules.ForbiddenArrows(arrows);
        var circles = RoomRules.NamespaceCircles(arrows);

        KnownList.AssertEqual("KnownViolations.txt", forbidden.Concat(circles));
    }

    /// <summary>For developers: <c>DASAUDIT_PRINT_ARROWS=FILE</c> writes all arrows between namespaces.</summary>
    [Fact]
    public void Arrows_are_printed_on_demand()
    {
        var lines = ArrowListing.Lines(CompiledHouse.Arrows).ToList();
        var file = Environment.GetEnvironmentVariable("DASAUDIT_PRINT_ARROWS");
        if (!string.IsNullOrEmpty(file))
        {
            File.WriteAllLines(file, lines);
        }

        Assert.NotEmpty(lines);
    }

    private static IEnumerable<string> Projects() =>
        new[] { "src", "plugins" }
            .SelectMany(folder => Directory.GetDirectories(Path.Combine(Repository.Root, folder)))
            .SelectMany(folder => Directory.GetFiles(folder, "*.csproj"))
            .Where(HasAssembly)
            .Select(file => Path.GetFileNameWithoutExtension(file));

    // A package of targets has none.
    private static bool HasAssembly(string project) =>
        !File.ReadAllText(project).Contains("<IncludeBuildOutput>false", StringComparison.Ordinal);

    private static IEnumerable<string> NamespacesOf(HouseAssembly assembly) =>
        ArrowReader.TypesOf(CompiledHouse.Modules[assembly]).Select(type => type.Namespace).Distinct();

    private static IEnumerable<string> EmptyRooms(HouseAssembly assembly)
    {
        var used = NamespacesOf(assembly).Select(assembly.RoomOf).ToHashSet();
        return assembly.Rooms.Where((_, room) => !used.Contains(room)).Select(room => $"{assembly.Root}: {room}");
    }
}
