namespace DasAudit.Safetensors.Tests;

internal static class Golden
{
    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", name);
}
