using System.ComponentModel;
using System.Diagnostics;

namespace DasAudit.Evidence.Tests.Signatures;

/// <summary>The program openssl, an implementation of others.</summary>
internal static class OpenSsl
{
    internal const string Missing = "The program openssl is not installed here.";

    internal static bool IsThere { get; } = Find();

    /// <summary>What it prints; it must succeed.</summary>
    internal static string Run(string folder, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("openssl", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }

    private static bool Find()
    {
        try
        {
            return Run(Path.GetTempPath(), "version").Length > 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
