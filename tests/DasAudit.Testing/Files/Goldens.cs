namespace DasAudit.Testing;

/// <summary>The reference files of <c>tests/Goldens</c> that a test project copies beside itself.</summary>
internal static class Goldens
{
    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", name);
}
