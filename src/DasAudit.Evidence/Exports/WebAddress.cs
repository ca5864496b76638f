namespace DasAudit.Evidence.Exports;

/// <summary>Addresses that datasets state.</summary>
internal static class WebAddress
{
    /// <summary>The address in its escaped form; null for a text that is none of http or https.</summary>
    internal static string? Of(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            ? address.AbsoluteUri
            : null;

    /// <summary>The name of its host in lower case; null as above.</summary>
    internal static string? Host(string text) => Of(text) is { } address ? new Uri(address).IdnHost : null;
}
