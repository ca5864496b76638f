namespace DasAudit.Architecture.Tests;

/// <summary>The folder that the sources stand in.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find();

    internal static string ListFile(string name) => Path.Combine(Root, "tests", "DasAudit.Architecture.Tests", name);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DasAudit.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("DasAudit.sln is not above the tests.");
        }

        return folder.FullName;
    }
}
