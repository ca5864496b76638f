using System.Text.Json;

namespace DasAudit.Benchmarks;

/// <summary>Lines of results.</summary>
internal static class Output
{
    /// <summary>Writes a result.</summary>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="result">The result.</param>
    /// <param name="text">Its columns otherwise, with blanks between.</param>
    public static void Write<T>(bool json, T result, params IEnumerable<string> text) =>
        Console.WriteLine(json ? JsonSerializer.Serialize(result, JsonSerializerOptions.Web) : string.Join(' ', text));

    /// <summary>Writes the names of the columns, if results are not written as JSON.</summary>
    public static void WriteHeader(bool json, params IEnumerable<string> text)
    {
        if (!json)
            Console.WriteLine(string.Join(' ', text));
    }
}
