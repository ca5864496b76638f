using System.Reflection;

namespace DasAudit.Core.Audits;

/// <summary>Which libtorch this build ships.</summary>
public static class LibTorch
{
    /// <summary>Its version, such as <c>2.10.0</c>, as the packages of this build pin it; asking does not load it.</summary>
    public static string Version { get; } = typeof(LibTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "LibTorchVersion").Value!;
}
