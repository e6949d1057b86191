import ISO7816
