namespace DasAudit.Architecture.Tests.Sizes;

/// <summary>Lines of source that are longer than the design allows.</summary>
internal static class LongLines
{
    internal const int Longest = 120;

    /// <summary>The number of them in each project that has any.</summary>
    internal static IEnumerable<Violation> Count() =>
        new[] { "src", "plugins", "tests" }
            .SelectMany(folder => Directory.GetDirectories(Path.Combine(Repository.Root, folder)))
            .Select(CountIn)
            .OfType<Violation>();

    private static Violation? CountIn(string project)
    {
        var places = Sources(project).SelectMany(PlacesIn).ToList();
        if (places.Count == 0)
        {
            return null;
        }

        var name = Path.GetRelativePath(Repository.Root, project);
        return new Violation($"{name} {places.Count}", $"the first is {places[0]}");
    }

    private static IEnumerable<string> PlacesIn(string file) =>
        File.ReadLines(file)
            .Select((text, index) => (text.Length, Line: index + 1))
            .Where(line => line.Length > Longest)
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Line}");

    private static IEnumerable<string> Sources(string project) =>
        Directory
            .EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuilt(Path.GetRelativePath(project, file)))
            .Order(StringComparer.Ordinal);

    private static bool IsBuilt(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj");
}
