using System.Text.Json;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Pictures;

/// <summary>The picture files in <c>Files</c> and what Pillow makes of them; see <c>Files/make.py</c>.</summary>
internal static class ReferenceFiles
{
    public static JsonElement Expected { get; } =
        JsonDocument.Parse(File.ReadAllBytes(PathOf("expected.json"))).RootElement;

    public static Picture Source { get; } = Picture(Expected.GetProperty("source"));

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Pictures", "Files", name);

    public static Picture Picture(JsonElement e) =>
        new(
            e.GetProperty("width").GetInt32(),
            e.GetProperty("height").GetInt32(),
            e.GetProperty("rgb").GetBytesFromBase64(),
            e.TryGetProperty("composited", out var composited) && composited.GetBoolean()
        );
}
